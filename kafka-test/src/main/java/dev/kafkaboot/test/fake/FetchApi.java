package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.FetchableTopicResponse;

/** Fetch, from version 4 on. */
final class FetchApi {

    private static final int FIRST_WITH_TOP_LEVEL_ERROR = 7;

    private final FakeKafka cluster;

    private FetchApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(FetchRequest::new, new FetchApi(cluster)::fetch, FetchApi::failure));
    }

    private void fetch(Exchange<FetchRequest, FetchResponse> exchange) {
        FetchPlan plan = FetchPlan.of(exchange.request(), exchange.version(), exchange.broker().fetchSessions());
        if (plan.error() == ErrorCode.NONE) {
            new PendingFetch(cluster, exchange, plan).start();
        } else {
            exchange.reply(new FetchResponse().errorCode(plan.error().code()));
        }
    }

    private static FetchResponse failure(FetchRequest request, short version, ErrorCode error) {
        FetchResponse response = new FetchResponse().responses(request.topics().stream()
                .map(topic -> new FetchableTopicResponse()
                        .topic(topic.topic())
                        .topicId(topic.topicId())
                        .partitions(topic.partitions().stream()
                                .map(partition -> PartitionReader.failed(partition.partition(), error))
                                .toList()))
                .toList());
        return version < FIRST_WITH_TOP_LEVEL_ERROR ? response : response.errorCode(error.code());
    }
}
