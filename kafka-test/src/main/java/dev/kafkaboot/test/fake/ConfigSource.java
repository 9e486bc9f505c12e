package dev.kafkaboot.test.fake;

/** Where a configuration's value comes from, with the numbers of DescribeConfigs. */
enum ConfigSource {
    /** Set for the topic. */
    TOPIC(1),
    /** Set for the broker, while it runs. */
    BROKER(2),
    /** Set for all brokers, while they run. */
    ALL_BROKERS(3),
    /** What a broker was started with. */
    STARTED_WITH(4),
    /** What a broker does if it is not configured. */
    DEFAULT(5),
    /** Set for a subscription to clients' metrics. */
    CLIENT_METRICS(7),
    /** Set for the group. */
    GROUP(8);

    private final byte code;

    ConfigSource(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }
}
