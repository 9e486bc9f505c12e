package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * Says where brokers are reached if that is not where they say they are: behind a tunnel, a forwarded port or a container's network. Certificates and SASL go on
 * checking the name that the broker advertises. Called on the event loop, so it must not block.
 */
@FunctionalInterface
public interface AddressMap {

    /** Every broker is where it says. */
    AddressMap NONE = advertised -> null;

    /**
     * Where a broker is reached.
     *
     * @param advertised what the broker says, or what is given as a bootstrap server
     * @return null if it is there
     */
    @Nullable HostPort reach(HostPort advertised);
}
