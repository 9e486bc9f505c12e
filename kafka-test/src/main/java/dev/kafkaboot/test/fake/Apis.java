package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the brokers of a cluster can be asked. */
final class Apis {

    private final TreeMap<Short, Api<?, ?>> byId = new TreeMap<>();

    Apis(FakeKafka cluster) {
        ClusterApis.addTo(this, cluster);
        CoordinatorApis.addTo(this, cluster);
        ClassicGroupApis.addTo(this, cluster);
        LeaveGroupApi.addTo(this, cluster);
        OffsetCommitApi.addTo(this, cluster);
        OffsetFetchApi.addTo(this, cluster);
        OffsetDeleteApi.addTo(this, cluster);
        ProduceApi.addTo(this, cluster);
        FetchApi.addTo(this, cluster);
        ListOffsetsApi.addTo(this, cluster);
        LeaderEpochApi.addTo(this, cluster);
        DeleteRecordsApi.addTo(this, cluster);
        DescribeProducersApi.addTo(this, cluster);
        TopicApis.addTo(this, cluster);
        CreatePartitionsApi.addTo(this, cluster);
        DescribeTopicPartitionsApi.addTo(this, cluster);
        DescribeClusterApi.addTo(this, cluster);
    }

    void add(Api<?, ?> api) {
        byId.put(api.key().id(), api);
    }

    /** The API with a number, or null. */
    @Nullable Api<?, ?> find(short id) {
        return byId.get(id);
    }

    /** All of them, by number. */
    Collection<Api<?, ?>> all() {
        return byId.values();
    }

    short lowest(FakeBroker broker, ApiKey key) {
        return key.lowestVersion();
    }

    short highest(FakeBroker broker, ApiKey key) {
        return key.highestVersion();
    }

    boolean speaks(FakeBroker broker, ApiKey key, short version) {
        return byId.containsKey(key.id()) && version >= lowest(broker, key) && version <= highest(broker, key);
    }
}
