package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse.Coordinator;
import java.util.List;

/** FindCoordinator. */
final class CoordinatorApis {

    /** From this version on a request names several keys (KIP-699). */
    private static final short FIRST_BATCHED = 4;

    /** From this version on a request may ask for share groups (KIP-932). */
    private static final short FIRST_WITH_SHARE = 6;

    private final FakeKafka cluster;

    private CoordinatorApis(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        CoordinatorApis own = new CoordinatorApis(cluster);
        apis.add(new Api<>(FindCoordinatorRequest::new, own::findCoordinator, own::failure));
    }

    private void findCoordinator(Exchange<FindCoordinatorRequest, FindCoordinatorResponse> exchange) {
        FindCoordinatorRequest request = exchange.request();
        CoordinatorType type = CoordinatorType.of(request.keyType());
        if (type == null || type == CoordinatorType.SHARE && exchange.version() < FIRST_WITH_SHARE) {
            exchange.reply(failure(request, exchange.version(), ErrorCode.INVALID_REQUEST));
            return;
        }
        List<Coordinator> found = keys(request, exchange.version()).stream().map(key -> find(type, key)).toList();
        exchange.reply(response(found, exchange.version()));
    }

    private Coordinator find(CoordinatorType type, String key) {
        if (type == CoordinatorType.SHARE && key.split(":", -1).length != 3) {
            return failed(key, ErrorCode.INVALID_REQUEST); // group:topicId:partition
        }
        FakeBroker broker = cluster.coordinators().find(type, key);
        if (broker == null) {
            return failed(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
        }
        return new Coordinator().key(key).nodeId(broker.id()).host(broker.host()).port(broker.port());
    }

    private FindCoordinatorResponse failure(FindCoordinatorRequest request, short version, ErrorCode error) {
        return response(keys(request, version).stream().map(key -> failed(key, error)).toList(), version);
    }

    private static Coordinator failed(String key, ErrorCode error) {
        return new Coordinator().key(key).nodeId(-1).port(-1).errorCode(error.code()).errorMessage(error.message());
    }

    private static List<String> keys(FindCoordinatorRequest request, short version) {
        return version < FIRST_BATCHED ? List.of(request.key()) : request.coordinatorKeys();
    }

    private static FindCoordinatorResponse response(List<Coordinator> coordinators, short version) {
        if (version >= FIRST_BATCHED) {
            return new FindCoordinatorResponse().coordinators(coordinators);
        }
        Coordinator only = coordinators.get(0);
        return new FindCoordinatorResponse()
                .errorCode(only.errorCode())
                .errorMessage(only.errorMessage())
                .nodeId(only.nodeId())
                .host(only.host())
                .port(only.port());
    }
}
