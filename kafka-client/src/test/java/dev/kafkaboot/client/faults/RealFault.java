package dev.kafkaboot.client.faults;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.test.RealBroker;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.proxy.Direction;
import dev.kafkaboot.test.proxy.FaultProxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Something that goes wrong with real brokers or on the way to them; it lasts until {@link Disturbance} heals it. */
enum RealFault {

    /** SIGKILL. */
    KILL {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            broker.kill();
        }
    },

    /** SIGSTOP: connections stay open and nothing answers. */
    PAUSE {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            if (broker.isRunning()) {
                broker.pause();
            }
        }
    },

    /** A shutdown in order, as in a rolling restart: leaders move first. */
    STOP {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            broker.stop();
        }
    },

    /** Every connection is reset. */
    RESET {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            proxy.resetConnections();
        }
    },

    /** Brokers do what they are asked, and the answers are lost with the connections. */
    LOSE_ANSWERS {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            ApiKey[] apis = {ApiKey.PRODUCE, ApiKey.FETCH, ApiKey.OFFSET_COMMIT, ApiKey.HEARTBEAT, ApiKey.JOIN_GROUP, ApiKey.SYNC_GROUP};
            proxy.on(apis[random.nextInt(apis.length)]).responses().times(1 + random.nextInt(5)).resetAfter(random.nextInt(20));
        }
    },

    /** Requests that make transactions do not arrive, or are carried out and their answers lost; either way the connections go as well. */
    BREAK_TRANSACTIONS {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            for (ApiKey api : List.of(ApiKey.END_TXN, ApiKey.INIT_PRODUCER_ID, ApiKey.ADD_PARTITIONS_TO_TXN, ApiKey.PRODUCE)) {
                proxy.on(api).requests().skip(random.nextInt(3)).times(1 + random.nextInt(3)).resetAfter(random.nextInt(20));
                proxy.on(api).responses().skip(random.nextInt(3)).times(1 + random.nextInt(3)).resetAfter(random.nextInt(20));
            }
        }
    },

    /** Answers that stop in the middle. */
    STALL {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            proxy.on(random.nextBoolean() ? ApiKey.FETCH : ApiKey.PRODUCE).responses().times(2).stallAfter(random.nextInt(100));
        }
    },

    /** Late, at random, and in small pieces. */
    SLOW {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            proxy.toClient().delay(Duration.ofMillis(random.nextInt(100))).jitter(Duration.ofMillis(50)).slice(1 + random.nextInt(500));
            proxy.toBroker().jitter(Duration.ofMillis(50));
        }
    },

    /** Requests are swallowed. */
    BLACK_HOLE {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            proxy.toBroker().blackHole(true);
        }
    },

    /** One side of every connection is closed in order. */
    HALF_CLOSE {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            proxy.halfCloseConnections(random.nextBoolean() ? Direction.TO_CLIENT : Direction.TO_BROKER);
        }
    },

    /** No new connections. */
    REFUSE {
        @Override
        void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random) {
            proxy.refuseConnections(true);
            proxy.resetConnections();
        }
    };

    /** What clients may meet that make no transactions. */
    static List<RealFault> withoutTransactions() {
        return Arrays.stream(values()).filter(fault -> fault != BREAK_TRANSACTIONS).toList();
    }

    /** What clients may meet that make transactions, and belong to no group. */
    static List<RealFault> ofTransactions() {
        return Arrays.stream(values()).filter(fault -> fault != LOSE_ANSWERS).toList();
    }

    /** Lets it go wrong. */
    abstract void begin(RealKafka kafka, FaultProxy proxy, RealBroker broker, SplittableRandom random);
}
