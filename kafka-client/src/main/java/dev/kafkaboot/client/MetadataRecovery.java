package dev.kafkaboot.client;

/** What a client does when none of the brokers that it knows can be reached ({@code metadata.recovery.strategy}, KIP-899 and KIP-1102). */
public enum MetadataRecovery {
    /** It asks the addresses in {@code bootstrap.servers} again. */
    REBOOTSTRAP,

    /** It goes on with the brokers that it knows. */
    NONE
}
