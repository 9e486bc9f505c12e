/** Tests of what mechanisms share that fetch their credentials. */
@NullMarked
package dev.kafkaboot.client.net.sasl.fetch;

import org.jspecify.annotations.NullMarked;
