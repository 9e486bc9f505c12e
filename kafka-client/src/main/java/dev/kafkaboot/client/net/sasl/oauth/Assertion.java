package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.net.sasl.fetch.Moment;

/** A JWT by which the client proves who it is. */
@FunctionalInterface
interface Assertion {

    /** The text of an assertion that is valid now. May block. */
    String make(Moment moment);
}
