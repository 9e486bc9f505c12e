package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsResponse;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** IncrementalAlterConfigs: what is not named stays as it is (KIP-339). */
final class IncrementalAlterConfigsApi {

    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private final FakeKafka cluster;

    private IncrementalAlterConfigsApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        IncrementalAlterConfigsApi own = new IncrementalAlterConfigsApi(cluster);
        apis.add(new Api<>(IncrementalAlterConfigsRequest::new, own::alter, IncrementalAlterConfigsApi::failure));
    }

    private void alter(Exchange<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> exchange) {
        IncrementalAlterConfigsRequest request = exchange.request();
        exchange.reply(new IncrementalAlterConfigsResponse()
                .responses(request.resources().stream()
                        .map(resource -> response(resource, alter(resource, request.validateOnly())))
                        .toList()));
    }

    private @Nullable Problem alter(AlterConfigsResource resource, boolean validateOnly) {
        byte type = resource.resourceType();
        Problem problem = cluster.configs().check(type, resource.resourceName());
        if (problem != null) {
            return problem;
        }
        if (resource.configs().stream().map(AlterableConfig::name).distinct().count() < resource.configs().size()) {
            return new Problem(ErrorCode.INVALID_REQUEST, "A configuration is changed twice");
        }
        Map<String, String> set = cluster.configs().of(type, resource.resourceName());
        TreeMap<String, String> changed = new TreeMap<>(set);
        for (AlterableConfig config : resource.configs()) {
            problem = change(type, changed, config);
            if (problem != null) {
                return problem;
            }
        }
        problem = isGroup(type) ? cluster.configs().checkValues(type, new TreeMap<>(changed)) : null; // its values have to fit together
        if (problem != null) {
            return problem;
        }
        if (!validateOnly) {
            set.clear();
            set.putAll(changed);
        }
        return null;
    }

    private @Nullable Problem change(byte type, Map<String, String> configs, AlterableConfig change) {
        String name = change.name();
        String value = change.value();
        if (change.configOperation() == DELETE) {
            configs.remove(name);
            return null;
        }
        if (value == null) {
            return new Problem(ErrorCode.INVALID_REQUEST, "There is no value for " + name);
        }
        boolean topic = Configs.Kind.of(type) == Configs.Kind.TOPIC;
        boolean hasTypes = topic || isGroup(type);
        ConfigDefinition definition = topic ? TopicConfigs.find(name, cluster.settings()) : null;
        boolean list = definition != null && definition.type() == ConfigDefinition.Type.LIST;
        if (hasTypes && !list && (change.configOperation() == APPEND || change.configOperation() == SUBTRACT)) {
            return new Problem(ErrorCode.INVALID_CONFIG, name + " is not a list that could be appended to or subtracted from");
        }
        String present = configs.getOrDefault(name, definition == null ? "" : TopicConfigs.defaultOf(definition, cluster.settings()));
        switch (change.configOperation()) {
            case SET -> configs.put(name, value);
            case APPEND -> configs.put(name, combine(present, value, /* append= */ true));
            case SUBTRACT -> configs.put(name, combine(present, value, /* append= */ false));
            default -> {
                return Problem.of(ErrorCode.UNKNOWN_SERVER_ERROR); // that is what brokers make of it, without a word
            }
        }
        return isGroup(type) ? null : cluster.configs().checkValues(type, new TreeMap<>(Map.of(name, configs.getOrDefault(name, ""))));
    }

    private static boolean isGroup(byte type) {
        return Configs.Kind.of(type) == Configs.Kind.GROUP;
    }

    private static String combine(String present, String change, boolean append) {
        LinkedHashSet<String> words = new LinkedHashSet<>(split(present));
        if (append) {
            words.addAll(split(change));
        } else {
            split(change).forEach(words::remove);
        }
        return String.join(",", words);
    }

    private static List<String> split(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(","));
    }

    private static IncrementalAlterConfigsResponse failure(IncrementalAlterConfigsRequest request, short version, ErrorCode error) {
        return new IncrementalAlterConfigsResponse()
                .responses(request.resources().stream().map(resource -> response(resource, Problem.of(error))).toList());
    }

    private static AlterConfigsResourceResponse response(AlterConfigsResource resource, @Nullable Problem problem) {
        return new AlterConfigsResourceResponse()
                .resourceType(resource.resourceType())
                .resourceName(resource.resourceName())
                .errorCode((problem == null ? ErrorCode.NONE : problem.error()).code())
                .errorMessage(problem == null || problem.error() == ErrorCode.UNKNOWN_SERVER_ERROR ? null : problem.message());
    }
}
