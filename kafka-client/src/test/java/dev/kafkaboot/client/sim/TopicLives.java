package dev.kafkaboot.client.sim;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.CreateTopicsRequest;
import dev.kafkaboot.protocol.message.CreateTopicsResponse;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a cluster really did with topics, whoever heard of it: when each began to be, by which call, and when it ceased. It also makes answers of the
 * controller useless by chance: it is no controller any more, its time was up although it did as asked, or the answer is lost.
 *
 * <p>The call is told by a setting of the topic, {@link #MARK}.
 */
final class TopicLives {

    /** The setting whose value is the number of the call that makes a topic. */
    static final String MARK = "retention.ms";

    private static final long STILL_THERE = Long.MAX_VALUE;

    private final SimulatedNetwork network;
    private final Simulation simulation;
    private final SplittableRandom random;
    private final List<Life> lives = new ArrayList<>();
    private boolean harmless;

    /** A topic, from its creation to its deletion. */
    record Life(String name, Uuid id, long madeBy, long bornNanos, long goneNanos) {

        boolean isThere() {
            return goneNanos == STILL_THERE;
        }

        boolean overlaps(long fromNanos, long toNanos) {
            return bornNanos <= toNanos && goneNanos >= fromNanos;
        }

        boolean covers(long fromNanos, long toNanos) {
            return bornNanos <= fromNanos && goneNanos > toNanos;
        }
    }

    TopicLives(SimulatedNetwork network) {
        this.network = network;
        this.simulation = network.simulation();
        this.random = simulation.newRandom();
        network.tell(cluster -> {
            cluster.on(CreateTopicsRequest.class).always().when(request -> strikes(15)).fail(ErrorCode.NOT_CONTROLLER);
            cluster.on(DeleteTopicsRequest.class).always().when(request -> strikes(15)).fail(ErrorCode.NOT_CONTROLLER);
            cluster.on(CreateTopicsRequest.class).always().change(this::created);
            cluster.on(DeleteTopicsRequest.class).always().change(this::deleted);
        });
    }

    /** Answers are what they should be from now on. */
    void heal() {
        harmless = true;
    }

    List<Life> all() {
        return lives;
    }

    private boolean strikes(int oneIn) {
        return !harmless && random.nextInt(oneIn) == 0;
    }

    private CreateTopicsResponse created(CreateTopicsResponse response) {
        for (CreateTopicsResponse.CreatableTopicResult result : response.topics()) {
            List<CreateTopicsResponse.CreatableTopicConfigs> configs = result.configs();
            if (result.errorCode() == ErrorCode.NONE.code() && configs != null) {
                long madeBy = configs.stream().filter(config -> config.name().equals(MARK)).mapToLong(config -> Long.parseLong(String.valueOf(config.value()))).sum();
                lives.add(new Life(result.name(), result.topicId(), madeBy, simulation.nowNanos(), STILL_THERE));
                simulation.log("cluster", "has made " + result.name() + " " + result.topicId() + " for call " + madeBy);
            }
        }
        if (strikes(15)) {
            response.topics().forEach(result -> result.errorCode(ErrorCode.REQUEST_TIMED_OUT.code()));
        }
        mayLoseAnswers();
        return response;
    }

    private DeleteTopicsResponse deleted(DeleteTopicsResponse response) {
        for (DeleteTopicsResponse.DeletableTopicResult result : response.responses()) {
            if (result.errorCode() == ErrorCode.NONE.code()) {
                lives.replaceAll(life -> life.isThere() && life.name().equals(result.name())
                        ? new Life(life.name(), life.id(), life.madeBy(), life.bornNanos(), simulation.nowNanos())
                        : life);
                simulation.log("cluster", "has deleted " + result.name());
            }
        }
        if (strikes(15)) {
            response.responses().forEach(result -> result.errorCode(ErrorCode.REQUEST_TIMED_OUT.code()));
        }
        mayLoseAnswers();
        return response;
    }

    /** Answers are on their way for a while, so what is cut now never comes. */
    private void mayLoseAnswers() {
        if (strikes(6)) {
            simulation.later(Duration.ZERO, () -> simulation.processes().forEach(network::cut));
        }
    }
}
