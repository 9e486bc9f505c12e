package dev.kafkaboot.benchmarks.group;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One member of a group, of either client. Called by one thread. */
interface MemberClient extends AutoCloseable {

    /** Hears of a record. */
    interface Reader {

        /** A record of a partition was handed out that was written at a time in milliseconds. */
        void read(int partition, long writtenMillis);
    }

    /** Takes part, for one topic. */
    void subscribe(String topic);

    void poll(Duration limit, Reader reader);

    /** The partitions that are this member's now. */
    Set<Integer> assigned();

    @Override
    void close();

    /** Which client, by the name that the command line has for it. */
    enum Kind {
        OURS,
        APACHE;

        /**
         * A member that has not joined.
         *
         * @param protocol {@code classic} or {@code consumer}; the classic one with the cooperative-sticky assignor, so that partitions may stay
         */
        MemberClient member(String bootstrap, String group, String protocol) {
            Map<String, Object> settings = new TreeMap<>();
            settings.put("bootstrap.servers", bootstrap);
            settings.put("group.id", group);
            settings.put("group.protocol", protocol);
            settings.put("auto.offset.reset", "earliest");
            settings.put("enable.auto.commit", false);
            return this == OURS ? new OurMember(settings, protocol) : new ApacheMember(settings, protocol);
        }
    }
}
