package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.sim.TopicCall.Kind;
import dev.kafkaboot.client.sim.TopicCall.Outcome;
import dev.kafkaboot.client.sim.TopicLives.Life;
import dev.kafkaboot.protocol.Uuid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Compares what clients were told about topics with what the cluster did. */
final class TopicOracle {

    private final List<Life> lives;
    private final List<TopicCall> calls;

    TopicOracle(List<Life> lives, List<TopicCall> calls) {
        this.lives = lives;
        this.calls = calls;
    }

    /** What a client was told that is not so, and what happened that nobody asked for. */
    List<String> anomalies() {
        List<String> found = new ArrayList<>();
        calls.stream().filter(call -> !isExplained(call)).forEach(call -> found.add("Not so: " + call));
        lives.stream().filter(life -> !wasAskedFor(life)).forEach(life -> found.add("Made, although the call failed: " + life));
        List<TopicCall> deletions = new ArrayList<>(calls.stream()
                .filter(call -> call.kind() == Kind.DELETE && call.outcome() != Outcome.NO)
                .sorted(Comparator.comparingLong(TopicCall::latestEffectNanos)).toList());
        lives.stream().filter(life -> !life.isThere()).sorted(Comparator.comparingLong(Life::goneNanos)).forEach(life -> {
            if (!takeDeletion(deletions, life)) {
                found.add("Deleted, although nobody asked for it: " + life);
            }
        });
        return found;
    }

    private boolean isExplained(TopicCall call) {
        return switch (call.outcome()) {
            case UNKNOWN -> true;
            case YES -> switch (call.kind()) {
                // Without an id it was found there after an attempt whose answer was lost.
                case CREATE -> call.id().equals(Uuid.ZERO) ? wasThere(call) : lives.stream().anyMatch(life ->
                        life.id().equals(call.id()) && life.madeBy() == call.number() && life.bornNanos() >= call.fromNanos() && life.bornNanos() <= call.toNanos());
                case DELETE -> wasAbsent(call);
                case LOOK -> lives.stream().anyMatch(life -> life.id().equals(call.id()) && life.overlaps(call.fromNanos(), call.toNanos()));
            };
            case NO -> call.kind() == Kind.CREATE ? wasThere(call) : wasAbsent(call);
        };
    }

    /** Whether there was such a topic, at some time of the call, that does not come from the call itself if it is told that there is one already. */
    private boolean wasThere(TopicCall call) {
        return lives.stream().anyMatch(life -> life.name().equals(call.topic())
                && life.overlaps(call.fromNanos(), call.toNanos())
                && (call.outcome() == Outcome.YES || life.madeBy() != call.number()));
    }

    private boolean wasAbsent(TopicCall call) {
        return lives.stream().noneMatch(life -> life.name().equals(call.topic()) && life.covers(call.fromNanos(), call.toNanos()));
    }

    private boolean wasAskedFor(Life life) {
        return calls.stream().anyMatch(call -> call.number() == life.madeBy() && call.kind() == Kind.CREATE && call.topic().equals(life.name())
                && call.outcome() != Outcome.NO && call.fromNanos() <= life.bornNanos() && life.bornNanos() <= call.latestEffectNanos());
    }

    /** One call deletes one topic of a name: each end takes the first to end of the calls that were under way. */
    private static boolean takeDeletion(List<TopicCall> deletions, Life life) {
        for (TopicCall call : deletions) {
            if (call.topic().equals(life.name()) && call.fromNanos() <= life.goneNanos() && life.goneNanos() <= call.latestEffectNanos()) {
                deletions.remove(call);
                return true;
            }
        }
        return false;
    }
}
