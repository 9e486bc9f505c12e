package dev.kafkaboot.client.hostile;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Peers that speak the protocol and tell of clusters that cannot be. */
enum WrongClusters {
    /** Each answer names another broker, at the same address. */
    EVER_OTHER_BROKERS {
        @Override
        ResponseMessage answer(LoopbackServer.Request request, int port, int number) {
            return metadata(port, number, number + 1);
        }

        @Override
        String use(ConnectionManager net) {
            for (int i = 0; i < 30; i++) {
                net.metadata().refresh(Duration.ofSeconds(20)).join();
            }
            assertThat(net.state()).hasSizeLessThan(5);
            return "brokers are forgotten when others are named";
        }
    },

    /** Whoever is asked, another one is the coordinator. */
    EVER_OTHER_COORDINATORS {
        @Override
        ResponseMessage answer(LoopbackServer.Request request, int port, int number) {
            return switch (request.api()) {
                case METADATA -> metadata(port, 1, 2);
                case FIND_COORDINATOR -> new FindCoordinatorResponse().coordinators(List.of(new FindCoordinatorResponse.Coordinator()
                        .key("group").nodeId(100 + number).host("127.0.0.1").port(port)));
                case JOIN_GROUP -> new JoinGroupResponse().errorCode(ErrorCode.NOT_COORDINATOR.code());
                default -> throw new IllegalStateException("Not expected: " + request);
            };
        }

        @Override
        String use(ConnectionManager net) {
            try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                    .connections(net).groupId("group").build()) {
                consumer.subscribe(List.of("orders"));
                assertThat(consumer.poll(Duration.ofSeconds(1)).count()).isZero();
            }
            return "the member goes on looking";
        }
    },

    /** A cluster of a hundred thousand brokers. */
    TOO_MANY_BROKERS {
        @Override
        ResponseMessage answer(LoopbackServer.Request request, int port, int number) {
            return metadata(port, 0, MANY);
        }

        @Override
        String use(ConnectionManager net) {
            assertThat(net.metadata().refresh(Duration.ofSeconds(20)).join().nodes()).hasSize(MANY);
            // To have them twice, as an answer and as what was known before, may be more than there is memory for.
            String again = HostilePeers.failure(net.loop(), net.metadata().refresh(Duration.ofSeconds(1)));
            assertThat(again).matches("succeeded|The cluster told nothing of metadata within 1 s: .*");
            assertThat(net.metadata().snapshot().nodes()).hasSize(MANY);
            return again;
        }
    },

    /** A hundred thousand topics that nobody asked about. */
    TOO_MANY_TOPICS {
        @Override
        ResponseMessage answer(LoopbackServer.Request request, int port, int number) {
            return metadata(port, 1, 2).topics(IntStream.range(0, MANY)
                    .mapToObj(i -> new MetadataResponseTopic().name("topic-" + i).topicId(new Uuid(number, i)).partitions(List.of())).toList());
        }

        @Override
        String use(ConnectionManager net) {
            for (int i = 0; i < 3; i++) {
                assertThat(net.metadata().refresh(Duration.ofSeconds(20)).join().topics()).isEmpty();
            }
            return "what nobody asked about is not kept";
        }
    },

    /** Each answer asks for a pause of weeks. */
    PAUSE_OF_WEEKS {
        @Override
        ResponseMessage answer(LoopbackServer.Request request, int port, int number) {
            return metadata(port, 1, 2).throttleTimeMs(Integer.MAX_VALUE);
        }

        @Override
        String use(ConnectionManager net) {
            net.metadata().refresh(Duration.ofSeconds(20)).join();
            net.metadata().refresh(Duration.ofSeconds(20)).join(); // by the broker's own connection
            String refused = HostilePeers.failure(net.loop(),
                    net.send(new MetadataRequest(), 1, RequestOptions.of(ConnectionClass.GENERAL, Duration.ofMillis(300))));
            assertThat(refused).contains("the broker asked for a pause and it was not sent");
            return refused;
        }
    };

    private static final int MANY = 100_000;

    abstract ResponseMessage answer(LoopbackServer.Request request, int port, int number);

    /** Has a client make use of the cluster; tells what came of it. */
    abstract String use(ConnectionManager net);

    String meet(EventLoop loop) throws IOException {
        AtomicInteger port = new AtomicInteger();
        AtomicInteger answers = new AtomicInteger();
        LoopbackServer.Script script = (socket, connection) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Request request = read(socket);
                write(socket, frame(request, answer(request, port.get(), answers.getAndIncrement())));
            }
        };
        try (LoopbackServer server = LoopbackServer.start(script);
                ConnectionManager net = HostilePeers.connect(loop, server, "request.timeout.ms", "20000", "retry.backoff.ms", "10")) {
            port.set(server.port());
            String outcome = use(net);
            assertThat(answers.get()).as("requests").isLessThan(500);
            return outcome + ", after " + answers + " requests on " + server.accepted() + " connections";
        }
    }

    private static MetadataResponse metadata(int port, int from, int to) {
        return new MetadataResponse().clusterId("c").controllerId(from).brokers(IntStream.range(from, to)
                .mapToObj(id -> new MetadataResponseBroker().nodeId(id).host("127.0.0.1").port(port)).toList());
    }
}
