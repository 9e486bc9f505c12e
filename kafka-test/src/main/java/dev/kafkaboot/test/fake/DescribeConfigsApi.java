package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** DescribeConfigs. */
final class DescribeConfigsApi {

    private final FakeKafka cluster;

    private DescribeConfigsApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        DescribeConfigsApi own = new DescribeConfigsApi(cluster);
        apis.add(new Api<>(DescribeConfigsRequest::new, own::describe, DescribeConfigsApi::failure));
    }

    private void describe(Exchange<DescribeConfigsRequest, DescribeConfigsResponse> exchange) {
        DescribeConfigsRequest request = exchange.request();
        exchange.reply(new DescribeConfigsResponse()
                .results(request.resources().stream().map(resource -> describe(resource, request.includeSynonyms())).toList()));
    }

    private DescribeConfigsResult describe(DescribeConfigsResource resource, boolean includeSynonyms) {
        Problem problem = cluster.configs().check(resource.resourceType(), resource.resourceName());
        if (problem != null) {
            return failed(resource, problem);
        }
        Map<String, String> set = cluster.configs().of(resource.resourceType(), resource.resourceName());
        Configs.Kind kind = Configs.Kind.of(resource.resourceType());
        List<DescribeConfigsResourceResult> all = kind == Configs.Kind.TOPIC
                ? topic(set, includeSynonyms)
                : kind == Configs.Kind.GROUP ? group(set, includeSynonyms) : others(resource, set, includeSynonyms);
        List<String> wanted = resource.configurationKeys() == null ? List.of() : resource.configurationKeys();
        return new DescribeConfigsResult()
                .resourceType(resource.resourceType())
                .resourceName(resource.resourceName())
                .errorMessage("")
                .configs(all.stream().filter(config -> wanted.isEmpty() || wanted.contains(config.name())).toList());
    }

    private List<DescribeConfigsResourceResult> topic(Map<String, String> set, boolean includeSynonyms) {
        List<DescribeConfigsResourceResult> all = new ArrayList<>();
        for (ConfigDefinition definition : TopicConfigs.definitions(cluster.settings())) {
            String own = set.get(definition.name());
            String usual = TopicConfigs.defaultOf(definition, cluster.settings());
            List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
            if (own != null) {
                synonyms.add(synonym(definition.name(), own, ConfigSource.TOPIC));
            }
            synonyms.add(synonym(definition.name(), usual, ConfigSource.DEFAULT));
            all.add(result(synonyms, includeSynonyms).configType(definition.type().code()));
        }
        return all;
    }

    private List<DescribeConfigsResourceResult> group(Map<String, String> set, boolean includeSynonyms) {
        List<DescribeConfigsResourceResult> all = new ArrayList<>();
        for (GroupConfig config : GroupConfig.all(cluster.settings())) {
            String name = config.definition().name();
            String own = set.get(name);
            String ofBroker = config.definition().defaultValue();
            List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
            if (own != null) {
                synonyms.add(synonym(name, own, ConfigSource.GROUP));
            }
            if (!ofBroker.equals(config.usual())) {
                synonyms.add(synonym(config.fallback(), ofBroker, ConfigSource.STARTED_WITH));
            }
            synonyms.add(synonym(config.fallback(), config.usual(), ConfigSource.DEFAULT));
            all.add(result(synonyms, includeSynonyms).name(name).configType(config.definition().type().code()));
        }
        return all;
    }

    private static List<DescribeConfigsResourceResult> others(DescribeConfigsResource resource, Map<String, String> set, boolean includeSynonyms) {
        Configs.Kind kind = Configs.Kind.of(resource.resourceType());
        ConfigSource broker = resource.resourceName().isEmpty() ? ConfigSource.ALL_BROKERS : ConfigSource.BROKER;
        ConfigSource source = kind == Configs.Kind.CLIENT_METRICS ? ConfigSource.CLIENT_METRICS : broker;
        return set.entrySet().stream()
                .map(config -> result(List.of(synonym(config.getKey(), config.getValue(), source)), includeSynonyms)
                        .configType(ConfigDefinition.Type.STRING.code()))
                .toList();
    }

    private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
        return new DescribeConfigsSynonym().name(name).value(value).source(source.code());
    }

    /** The first of the synonyms is what holds. */
    private static DescribeConfigsResourceResult result(List<DescribeConfigsSynonym> synonyms, boolean includeSynonyms) {
        DescribeConfigsSynonym first = synonyms.get(0);
        return new DescribeConfigsResourceResult()
                .name(first.name())
                .value(first.value())
                .configSource(first.source())
                .documentation(null)
                .synonyms(includeSynonyms ? synonyms : List.of());
    }

    private static DescribeConfigsResponse failure(DescribeConfigsRequest request, short version, ErrorCode error) {
        return new DescribeConfigsResponse()
                .results(request.resources().stream().map(resource -> failed(resource, Problem.of(error))).toList());
    }

    private static DescribeConfigsResult failed(DescribeConfigsResource resource, Problem problem) {
        return new DescribeConfigsResult()
                .resourceType(resource.resourceType())
                .resourceName(resource.resourceName())
                .errorCode(problem.error().code())
                .errorMessage(problem.message());
    }
}
