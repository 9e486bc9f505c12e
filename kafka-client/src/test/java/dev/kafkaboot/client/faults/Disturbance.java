package dev.kafkaboot.client.faults;

import dev.kafkaboot.test.RealBroker;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.proxy.FaultProxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/** Draws what goes wrong from a seed: none, one or two faults at a time, on one broker of three at most, and heals them again. */
final class Disturbance {

    private final RealKafka kafka;
    private final FaultProxy proxy;
    private final SplittableRandom random;
    private final List<RealFault> possible;
    private final List<String> done = new ArrayList<>();

    Disturbance(RealKafka kafka, FaultProxy proxy, long seed, Collection<RealFault> possible) {
        this.kafka = kafka;
        this.proxy = proxy;
        this.random = new SplittableRandom(seed);
        this.possible = List.copyOf(possible);
    }

    /** Lets something go wrong. */
    void begin() {
        RealBroker broker = kafka.broker(1 + random.nextInt(kafka.brokers().size()));
        List<RealFault> faults = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            faults.add(possible.get(random.nextInt(possible.size())));
        }
        begin(broker, faults);
    }

    /** Lets one thing go wrong, with a broker that is drawn. */
    void begin(RealFault fault) {
        begin(kafka.broker(1 + random.nextInt(kafka.brokers().size())), List.of(fault));
    }

    private void begin(RealBroker broker, List<RealFault> faults) {
        done.add(faults + " with broker " + broker.id());
        faults.forEach(fault -> fault.begin(kafka, proxy, broker, random));
    }

    /** Makes everything well again; returns when all brokers answer. */
    void heal() {
        proxy.heal();
        for (RealBroker broker : kafka.brokers()) {
            broker.resume();
            kafka.startBroker(broker.id());
        }
    }

    /** What went wrong so far, in order. */
    List<String> done() {
        return done;
    }
}
