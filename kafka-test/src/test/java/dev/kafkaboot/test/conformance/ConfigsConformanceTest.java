package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.AlterConfigsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What topics are configured with. */
class ConfigsConformanceTest extends ConformanceTest {

    private static final byte TOPIC = 2;
    private static final int SET = 0;
    private static final int DELETE = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    /** It is in the brokers' own configuration. */
    private static final String LEFT_OUT = "min.insync.replicas";

    private static final List<String> KEYS = List.of("cleanup.policy", "retention.ms", "max.message.bytes", "segment.bytes");

    private static void describe(Side side, String step, int version, DescribeConfigsRequest request, String name, List<String> keys)
            throws IOException {
        DescribeConfigsResponse answer = side.ask(request.resources(List.of(
                new DescribeConfigsResource().resourceType(TOPIC).resourceName(name).configurationKeys(keys))), version);
        answer.results().forEach(result -> result.configs(result.configs().stream()
                .filter(config -> !config.name().equals(LEFT_OUT))
                .sorted(Comparator.comparing(DescribeConfigsResponse.DescribeConfigsResourceResult::name))
                .toList()));
        side.tell(step, version, answer);
    }

    /** Waits until the broker has heard from the controller, which answers before, that a setting was changed. */
    private static void await(Side side, String topic, String key, String value) throws IOException {
        var resource = new DescribeConfigsResource().resourceType(TOPIC).resourceName(topic).configurationKeys(List.of(key));
        side.askUntil(new DescribeConfigsRequest().resources(List.of(resource)), 4,
                answer -> value.equals(answer.results().get(0).configs().get(0).value()));
    }

    @Test
    void topicsAreDescribed() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders", Map.of("retention.ms", "60000"));
            for (int version = 1; version <= 4; version++) {
                describe(side, "some", version, new DescribeConfigsRequest(), topic, KEYS);
                describe(side, "none", version, new DescribeConfigsRequest(), topic, List.of());
                describe(side, "unknown setting", version, new DescribeConfigsRequest(), topic, List.of("colour"));
                describe(side, "unknown topic", version, new DescribeConfigsRequest(), side.named("nowhere"), KEYS);
                describe(side, "wrong topic", version, new DescribeConfigsRequest(), "a b", KEYS);
            }
        });
    }

    @Test
    void settingsAreChangedOneByOne() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            for (int version = 0; version <= 1; version++) {
                side.tell("set", change(topic, "retention.ms", SET, "60000"), version);
                side.tell("append", change(topic, "cleanup.policy", APPEND, "compact"), version);
                await(side, topic, "cleanup.policy", "delete,compact");
                describe(side, "changed", 4, new DescribeConfigsRequest(), topic, KEYS);
                side.tell("subtract", change(topic, "cleanup.policy", SUBTRACT, "delete"), version);
                side.tell("delete", change(topic, "retention.ms", DELETE, null), version);
                await(side, topic, "retention.ms", "604800000");
                describe(side, "changed again", 4, new DescribeConfigsRequest(), topic, KEYS);
                side.tell("delete policy", change(topic, "cleanup.policy", DELETE, null), version);
                await(side, topic, "cleanup.policy", "delete");
                side.tell("wrong value", change(topic, "retention.ms", SET, "soon"), version);
                side.tell("no value", change(topic, "retention.ms", SET, null), version);
                side.tell("unknown setting", change(topic, "colour", SET, "red"), version);
                side.tell("setting of 4.4", change(topic, "max.decompressed.message.bytes", SET, "1000000"), version);
                side.tell("append to a number", change(topic, "retention.ms", APPEND, "1"), version);
                side.tell("operation of 7", change(topic, "retention.ms", 7, "1"), version);
                side.tell("twice", twice(change(topic, "retention.ms", SET, "60000")), version);
                side.tell("unknown topic", change(side.named("nowhere"), "retention.ms", SET, "1"), version);
                side.tell("only looked at", change(topic, "retention.ms", SET, "7").validateOnly(true), version);
                describe(side, "as it was", 4, new DescribeConfigsRequest(), topic, KEYS);
            }
        });
    }

    private static IncrementalAlterConfigsRequest change(String topic, String key, int operation, @Nullable String value) {
        var config = new IncrementalAlterConfigsRequest.AlterableConfig().name(key).configOperation((byte) operation).value(value);
        return new IncrementalAlterConfigsRequest().resources(List.of(new IncrementalAlterConfigsRequest.AlterConfigsResource()
                .resourceType(TOPIC)
                .resourceName(topic)
                .configs(List.of(config))));
    }

    private static IncrementalAlterConfigsRequest twice(IncrementalAlterConfigsRequest request) {
        var resource = request.resources().get(0);
        resource.configs(List.of(resource.configs().get(0), resource.configs().get(0)));
        return request;
    }

    @Test
    void settingsAreReplaced() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders", Map.of("retention.ms", "60000"));
            for (int version = 0; version <= 2; version++) {
                side.tell("replaced", replace(topic, "cleanup.policy", "compact"), version);
                await(side, topic, "cleanup.policy", "compact");
                describe(side, "replaced", 4, new DescribeConfigsRequest(), topic, KEYS);
                side.tell("wrong value", replace(topic, "cleanup.policy", "burn"), version);
                side.tell("no value", replace(topic, "cleanup.policy", null), version);
                side.tell("unknown topic", replace(side.named("nowhere"), "cleanup.policy", "compact"), version);
                side.tell("only looked at", replace(topic, "retention.ms", "7").validateOnly(true), version);
                describe(side, "as it was", 4, new DescribeConfigsRequest(), topic, KEYS);
            }
        });
    }

    private static AlterConfigsRequest replace(String topic, String key, @Nullable String value) {
        return new AlterConfigsRequest().resources(List.of(new AlterConfigsRequest.AlterConfigsResource()
                .resourceType(TOPIC)
                .resourceName(topic)
                .configs(List.of(new AlterConfigsRequest.AlterableConfig().name(key).value(value)))));
    }
}
