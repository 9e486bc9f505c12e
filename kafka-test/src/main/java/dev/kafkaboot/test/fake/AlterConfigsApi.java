package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.AlterConfigsRequest;
import dev.kafkaboot.protocol.message.AlterConfigsRequest.AlterConfigsResource;
import dev.kafkaboot.protocol.message.AlterConfigsResponse;
import dev.kafkaboot.protocol.message.AlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** AlterConfigs: what is not named goes back to its default. */
final class AlterConfigsApi {

    private final FakeKafka cluster;

    private AlterConfigsApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        AlterConfigsApi own = new AlterConfigsApi(cluster);
        apis.add(new Api<>(AlterConfigsRequest::new, own::alter, AlterConfigsApi::failure));
    }

    private void alter(Exchange<AlterConfigsRequest, AlterConfigsResponse> exchange) {
        AlterConfigsRequest request = exchange.request();
        exchange.reply(new AlterConfigsResponse()
                .responses(request.resources().stream()
                        .map(resource -> response(resource, alter(resource, request.validateOnly())))
                        .toList()));
    }

    private @Nullable Problem alter(AlterConfigsResource resource, boolean validateOnly) {
        TreeMap<String, @Nullable String> wanted = new TreeMap<>();
        resource.configs().forEach(config -> wanted.put(config.name(), config.value()));
        Problem problem = cluster.configs().check(resource.resourceType(), resource.resourceName());
        if (problem == null && wanted.containsValue(null)) {
            problem = new Problem(ErrorCode.INVALID_REQUEST, "A configuration that is named has a value");
        }
        if (problem == null) {
            problem = cluster.configs().checkValues(resource.resourceType(), wanted);
        }
        if (problem == null && !validateOnly) {
            Map<String, String> set = cluster.configs().of(resource.resourceType(), resource.resourceName());
            set.clear();
            wanted.forEach((name, value) -> {
                if (value != null) {
                    set.put(name, value);
                }
            });
        }
        return problem;
    }

    private static AlterConfigsResponse failure(AlterConfigsRequest request, short version, ErrorCode error) {
        return new AlterConfigsResponse()
                .responses(request.resources().stream().map(resource -> response(resource, Problem.of(error))).toList());
    }

    private static AlterConfigsResourceResponse response(AlterConfigsResource resource, @Nullable Problem problem) {
        return new AlterConfigsResourceResponse()
                .resourceType(resource.resourceType())
                .resourceName(resource.resourceName())
                .errorCode((problem == null ? ErrorCode.NONE : problem.error()).code())
                .errorMessage(problem == null ? null : problem.message());
    }
}
