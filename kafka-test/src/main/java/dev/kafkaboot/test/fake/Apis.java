package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the brokers of a cluster can be asked: the APIs that are built, in the versions that the broker's release offers. */
final class Apis {

    private final TreeMap<Short, Api<?, ?>> byId = new TreeMap<>();
    private final TreeMap<Integer, Map<Short, Releases.Range>> byBroker = new TreeMap<>();
    private final Map<Short, Releases.Range> usual;

    Apis(FakeKafka cluster) {
        usual = Releases.of(cluster.settings().release());
        ClusterApis.addTo(this, cluster);
        ProduceApi.addTo(this, cluster);
        FetchApi.addTo(this, cluster);
        CoordinatorApis.addTo(this, cluster);
        ClassicGroupApis.addTo(this, cluster);
        LeaveGroupApi.addTo(this, cluster);
        OffsetCommitApi.addTo(this, cluster);
        OffsetFetchApi.addTo(this, cluster);
        OffsetDeleteApi.addTo(this, cluster);
        ListOffsetsApi.addTo(this, cluster);
        LeaderEpochApi.addTo(this, cluster);
        DeleteRecordsApi.addTo(this, cluster);
        DescribeProducersApi.addTo(this, cluster);
        ConsumerGroupApis.addTo(this, cluster);
        GroupAdminApis.addTo(this, cluster);
        TopicApis.addTo(this, cluster);
        CreatePartitionsApi.addTo(this, cluster);
        DescribeTopicPartitionsApi.addTo(this, cluster);
        DescribeClusterApi.addTo(this, cluster);
        DescribeConfigsApi.addTo(this, cluster);
        AlterConfigsApi.addTo(this, cluster);
        IncrementalAlterConfigsApi.addTo(this, cluster);
        ElectLeadersApi.addTo(this, cluster);
        TransactionApis.addTo(this, cluster);
        TransactionPartsApis.addTo(this, cluster);
        TransactionalCommitApi.addTo(this, cluster);
        TransactionAdminApis.addTo(this, cluster);
        DescribeLogDirsApi.addTo(this, cluster);
    }

    void add(Api<?, ?> api) {
        byId.put(api.key().id(), api);
    }

    /** Lets one broker speak as another release does. */
    void release(int brokerId, String release) {
        byBroker.put(brokerId, Releases.of(release));
    }

    /** The API with a number, or null. */
    @Nullable Api<?, ?> find(short id) {
        return byId.get(id);
    }

    /** All of them, by number. */
    Collection<Api<?, ?>> all() {
        return byId.values();
    }

    /** The versions of an API that a broker offers, or null if it does not have it. */
    Releases.@Nullable Range range(FakeBroker broker, ApiKey key) {
        return byId.containsKey(key.id()) ? Releases.spoken(byBroker.getOrDefault(broker.id(), usual), key) : null;
    }

    /** The versions of an API that the cluster's release offers, or null if it does not have it. */
    Releases.@Nullable Range range(ApiKey key) {
        return Releases.spoken(usual, key);
    }

    boolean speaks(FakeBroker broker, ApiKey key, short version) {
        Releases.Range range = range(broker, key);
        return range != null && range.holds(version);
    }
}
