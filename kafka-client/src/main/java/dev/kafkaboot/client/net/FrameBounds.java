package dev.kafkaboot.client.net;

import dev.kafkaboot.protocol.ApiKey;

/** What an answer may be, by the request that it answers. */
final class FrameBounds {

    /** Before a broker is authenticated it gets no more memory than its list of versions can need. */
    private static final int SETUP_BYTES = 1024 * 1024;

    /** What is ample for an answer that holds a few numbers and perhaps a sentence, but no list. */
    private static final int SMALL_BYTES = 64 * 1024;

    /** From this version of Produce on (Kafka 2.0) brokers answer at once and leave the pause to the client; before, they pause themselves. */
    private static final int CLIENT_PAUSES_FROM_PRODUCE = 6;

    private FrameBounds() {}

    /**
     * The largest frame that is taken for an answer.
     *
     * @param configured the limit for everything that has none of its own
     */
    static int max(ApiKey api, int configured) {
        return switch (api) {
            case API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE -> Math.min(SETUP_BYTES, configured);
            case HEARTBEAT, INIT_PRODUCER_ID, ADD_OFFSETS_TO_TXN, END_TXN, PUSH_TELEMETRY -> Math.min(SMALL_BYTES, configured);
            default -> configured;
        };
    }

    /** Whether a request is one of those that authenticate a connection. */
    static boolean isOfHandshake(ApiKey api) {
        return api == ApiKey.SASL_HANDSHAKE || api == ApiKey.SASL_AUTHENTICATE;
    }

    /** Whether it is the client that has to pause when it is throttled (KIP-219). */
    static boolean clientPauses(BrokerVersions versions) {
        BrokerVersions.Range produce = versions.range(ApiKey.PRODUCE);
        return produce != null && produce.highest() >= CLIENT_PAUSES_FROM_PRODUCE;
    }
}
