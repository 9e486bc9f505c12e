package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.AlterConfigsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What groups are configured with (KIP-848, KIP-932, KIP-1071). */
class GroupConfigsConformanceTest extends ConformanceTest {

    private static final byte GROUP = 32;
    private static final int SET = 0;
    private static final int DELETE = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    private static void change(Side side, String step, String group, AlterableConfig... changes) throws IOException {
        side.tell(step, request(group, changes), 1);
    }

    private static IncrementalAlterConfigsRequest request(String group, AlterableConfig... changes) {
        return new IncrementalAlterConfigsRequest().resources(List.of(
                new AlterConfigsResource().resourceType(GROUP).resourceName(group).configs(List.of(changes))));
    }

    private static AlterableConfig config(String key, int operation, @Nullable String value) {
        return new AlterableConfig().name(key).configOperation((byte) operation).value(value);
    }

    private static AlterableConfig config(String key, String value) {
        return config(key, SET, value);
    }

    /** Only looks at what would become of it, each value by itself. */
    private static void tryAll(Side side, String key, String... values) throws IOException {
        for (String value : values) {
            side.tell(key + " '" + value + "'", request(side.named("group"), config(key, value)).validateOnly(true), 1);
        }
    }

    private static DescribeConfigsResponse ask(Side side, String group, String... keys) throws IOException {
        return side.ask(new DescribeConfigsRequest().includeSynonyms(true).resources(List.of(
                new DescribeConfigsResource().resourceType(GROUP).resourceName(group).configurationKeys(keys.length == 0 ? null : List.of(keys)))), 4);
    }

    /** Waits until the broker has heard of what was set, and notes what it tells. */
    private static void describe(Side side, String step, String group, String awaitedKey, String awaitedValue) throws IOException {
        var resource = new DescribeConfigsResource().resourceType(GROUP).resourceName(group).configurationKeys(List.of(awaitedKey));
        side.askUntil(new DescribeConfigsRequest().resources(List.of(resource)), 4,
                answer -> answer.results().get(0).configs().stream().anyMatch(config -> awaitedValue.equals(config.value())));
        DescribeConfigsResponse answer = ask(side, group);
        answer.results().forEach(result -> result.configs(result.configs().stream()
                .sorted(Comparator.comparing(DescribeConfigsResponse.DescribeConfigsResourceResult::name))
                .toList()));
        side.tell(step, 4, answer);
    }

    @Test
    void numbersHaveBounds() throws IOException {
        assertAlike(side -> {
            for (String kind : List.of("consumer", "share", "streams")) {
                tryAll(side, kind + ".session.timeout.ms", "-1", "0", "499", "999", "1000", "5000", "44999", "45000", "60000", "60001", "3000000000", "soon", "",
                        " 45000 ", "45000.0");
                tryAll(side, kind + ".heartbeat.interval.ms", "0", "99", "100", "4999", "5000", "15000", "15001", "often");
                tryAll(side, kind + ".assignment.interval.ms", "-1", "0", "15000", "15001", "never");
                tryAll(side, kind + ".assignor.offload.enable", "true");
            }
            tryAll(side, "share.record.lock.duration.ms", "0", "999", "1000", "14999", "15000", "60000", "60001");
            tryAll(side, "share.delivery.count.limit", "0", "1", "2", "10", "11", "five");
            tryAll(side, "share.partition.max.record.locks", "99", "100", "4000", "4001");
            tryAll(side, "streams.num.standby.replicas", "-1", "0", "2", "3");
            tryAll(side, "streams.initial.rebalance.delay.ms", "-1", "0", "2147483647", "2147483648");
        });
    }

    @Test
    void wordsAreKnown() throws IOException {
        assertAlike(side -> {
            tryAll(side, "share.isolation.level", "read_committed", "read_uncommitted", "READ_COMMITTED", " read_committed ", "dirty", "");
            tryAll(side, "share.auto.offset.reset", "earliest", "latest", "none", "EARLIEST", " earliest ", "", "by_duration", "by_duration:", "by_duration:PT1H",
                    "by_duration:P1D", "by_duration:-PT1H", "by_duration:PT-1H", "by_duration:PT0S", "by_duration:1h", "BY_DURATION:PT1H", "by_duration:pt1h");
            tryAll(side, "share.renew.acknowledge.enable", "true", "false", "TRUE", " false ", "yes", "");
            tryAll(side, "colour", "red");
            tryAll(side, "session.timeout.ms", "45000");
            tryAll(side, "group.share.session.timeout.ms", "45000");
            tryAll(side, "retention.ms", "45000");
        });
    }

    @Test
    void whatIsSetFitsTogether() throws IOException {
        assertAlike(side -> {
            String group = side.named("group");
            for (String kind : List.of("consumer", "share")) {
                String session = kind + ".session.timeout.ms";
                String heartbeat = kind + ".heartbeat.interval.ms";
                change(side, kind + ": sessions as long as the interval", group, config(session, "5000"), config(heartbeat, "5000"));
                change(side, kind + ": sessions that are longer", group, config(session, "5001"), config(heartbeat, "5000"));
                change(side, kind + ": shorter than what was set", group, config(session, "5000"));
                change(side, kind + ": less often than what was set", group, config(heartbeat, "5001"));
                change(side, kind + ": usual interval", group, config(heartbeat, DELETE, null));
                change(side, kind + ": shorter, but longer than what is usual", group, config(session, "1000"));
                change(side, kind + ": interval as long as that", group, config(heartbeat, "1000"));
            }
            change(side, "streams: as long as the interval", group, config("streams.session.timeout.ms", "45000"), config("streams.heartbeat.interval.ms", "15000"));
            change(side, "one is wrong", group, config("share.delivery.count.limit", "3"), config("share.partition.max.record.locks", "7"));
            change(side, "right", group, config("share.delivery.count.limit", "4"));
            describe(side, "set", group, "share.delivery.count.limit", "4");
        });
    }

    @Test
    void operationsAreChecked() throws IOException {
        assertAlike(side -> {
            String group = side.named("group");
            change(side, "no value", group, config("share.delivery.count.limit", SET, null));
            change(side, "append to a number", group, config("share.delivery.count.limit", APPEND, "3"));
            change(side, "append to a word", group, config("share.isolation.level", APPEND, "read_committed"));
            change(side, "subtract", group, config("share.isolation.level", SUBTRACT, "read_committed"));
            change(side, "append to nothing known", group, config("colour", APPEND, "red"));
            change(side, "delete what is not set", group, config("share.isolation.level", DELETE, null));
            change(side, "delete what is not known", group, config("colour", DELETE, null));
            change(side, "operation of 7", group, config("share.isolation.level", 7, "read_committed"));
            change(side, "group without a name", "", config("share.isolation.level", "read_committed"));
            change(side, "group without a name, and a wrong value", "", config("share.isolation.level", "dirty"));
            change(side, "twice", group, config("share.delivery.count.limit", "3"), config("share.delivery.count.limit", "4"));
            change(side, "nothing", group);
        });
    }

    @Test
    void configurationsAreReplaced() throws IOException {
        assertAlike(side -> {
            String group = side.named("group");
            replace(side, "two", group, "share.delivery.count.limit", "3", "consumer.session.timeout.ms", "50000");
            describe(side, "two", group, "share.delivery.count.limit", "3");
            replace(side, "one", group, "share.isolation.level", "read_committed");
            describe(side, "one", group, "share.isolation.level", "read_committed");
            replace(side, "wrong value", group, "share.isolation.level", "dirty");
            replace(side, "unknown", group, "colour", "red");
            replace(side, "no value", group, "share.isolation.level", null);
            replace(side, "does not fit", group, "share.session.timeout.ms", "5000", "share.heartbeat.interval.ms", "6000");
            replace(side, "group without a name", "", "share.isolation.level", "read_committed");
            describe(side, "as it was", group, "share.isolation.level", "read_committed");
            side.tell("some", 4, ask(side, group, "share.isolation.level", "colour", "streams.num.standby.replicas"));
            side.tell("group without a name", 4, ask(side, "", "share.isolation.level"));
        });
    }

    private static void replace(Side side, String step, String group, @Nullable String... keysAndValues) throws IOException {
        Map<String, @Nullable String> configs = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            configs.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        Stream<AlterConfigsRequest.AlterableConfig> all = configs.entrySet().stream()
                .map(each -> new AlterConfigsRequest.AlterableConfig().name(each.getKey()).value(each.getValue()));
        side.tell(step, new AlterConfigsRequest().resources(List.of(
                new AlterConfigsRequest.AlterConfigsResource().resourceType(GROUP).resourceName(group).configs(all.toList()))), 2);
    }
}
