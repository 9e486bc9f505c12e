package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A topic, from its creation to its deletion. Made again under the same name, it is another one, with another id. */
final class FakeTopic {

    private final String name;
    private final Uuid id;
    private final boolean internal;
    private final List<FakePartition> partitions = new ArrayList<>();
    private final Map<String, String> configs = new TreeMap<>();

    FakeTopic(String name, Uuid id, boolean internal) {
        this.name = name;
        this.id = id;
        this.internal = internal;
    }

    String name() {
        return name;
    }

    Uuid id() {
        return id;
    }

    /** Whether it is one of the brokers' own, such as {@code __consumer_offsets}. */
    boolean isInternal() {
        return internal;
    }

    /** The partitions by index; grown by {@link Topics} alone. */
    List<FakePartition> partitions() {
        return partitions;
    }

    /** The partition with an index, or null. */
    @Nullable FakePartition partition(int index) {
        return index >= 0 && index < partitions.size() ? partitions.get(index) : null;
    }

    /** What was configured for the topic alone; may be changed. */
    Map<String, String> configs() {
        return configs;
    }

    @Override
    public String toString() {
        return name;
    }
}
