package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Operation.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What several clients did, in the order in which they did it: the record of a run, for {@link HistoryChecker} to judge.
 *
 * <p>An operation is recorded twice: when it is about to begin, and when its result is known. In between it is open; one that stays open belongs to a
 * client that is stuck, or has crashed. The order of those moments is all that the checker goes by; the time is for its limits and for people.
 *
 * <p>Safe for any number of threads. Begin to record before calling the client and complete right after it answers, on the thread that sees the answer:
 * then an operation's span holds the moment at which it took effect.
 */
public final class History {

    private final LongSupplier nanoTime;
    private final Object lock = new Object();
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Integer> incarnations = new TreeMap<>();
    private long positions;
    private long values;

    /**
     * An empty history.
     *
     * @param nanoTime the clock: a simulation's, or {@link System#nanoTime}
     */
    public History(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A history on the machine's clock, which starts at zero. */
    public static History inRealTime() {
        long start = System.nanoTime();
        return new History(() -> System.nanoTime() - start);
    }

    /**
     * A client begins to live. A name may be used again for the client that takes over after a crash or a close.
     *
     * @param name names the client in the test
     */
    public ClientProcess process(String name) {
        return newProcess(name, null);
    }

    /**
     * A client of a consumer group begins to live.
     *
     * @param name names the client in the test
     * @param group the group whose offsets it commits
     */
    public ClientProcess process(String name, String group) {
        return newProcess(name, group);
    }

    private ClientProcess newProcess(String name, @Nullable String group) {
        synchronized (lock) {
            return new ClientProcess(this, new ProcessId(name, incarnations.merge(name, 1, Integer::sum), group));
        }
    }

    /** What has been recorded up to now, by invocation. */
    public List<Operation> operations() {
        synchronized (lock) {
            return List.copyOf(operations);
        }
    }

    /** All operations, one a line: the same run gives the same text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Operation operation : operations()) {
            text.append(operation).append('\n');
        }
        return text.toString();
    }

    /** A value that this history has not had. */
    HistoryValue newValue(String topic, int partition, ProcessId sender) {
        synchronized (lock) {
            return new HistoryValue(++values, topic, partition, sender.toString());
        }
    }

    /** Records that something begins; returns its number. */
    int invoke(ProcessId process, Action action, int transaction) {
        synchronized (lock) {
            int number = operations.size();
            operations.add(new Operation(number, process, action, transaction, now(), null, null, null));
            return number;
        }
    }

    /** Records something that takes no time. */
    void happened(ProcessId process, Action action) {
        synchronized (lock) {
            Moment now = now();
            operations.add(new Operation(operations.size(), process, action, -1, now, now, Outcome.OK, null));
        }
    }

    /** Adds to what is known of an open operation. */
    void update(int number, UnaryOperator<Action> change) {
        synchronized (lock) {
            Operation operation = operations.get(number);
            if (operation.isOpen()) {
                operations.set(number, new Operation(
                        number, operation.process(), change.apply(operation.action()), operation.transaction(), operation.invoked(), null, null, null));
            }
        }
    }

    /** Records how something ended. Nothing changes if its process died before. */
    void complete(int number, Outcome outcome, @Nullable String error, UnaryOperator<Action> result) {
        synchronized (lock) {
            Operation operation = operations.get(number);
            if (operation.isOpen()) {
                operations.set(number, ended(operation, result.apply(operation.action()), now(), outcome, error));
            }
        }
    }

    /** The point of the history that is reached now. */
    Moment tick() {
        synchronized (lock) {
            return now();
        }
    }

    /** Records that a process died, and that what it had under way will not be heard of. */
    void crash(ProcessId process) {
        synchronized (lock) {
            Moment now = now();
            operations.replaceAll(operation -> operation.isOpen() && operation.process().equals(process)
                    ? ended(operation, operation.action(), now, Outcome.UNKNOWN, "the process crashed") : operation);
            operations.add(new Operation(operations.size(), process, new Action.Crash(), -1, now, now, Outcome.OK, null));
        }
    }

    private static Operation ended(Operation open, Action action, Moment now, Outcome outcome, @Nullable String error) {
        return new Operation(open.number(), open.process(), action, open.transaction(), open.invoked(), now, outcome, error);
    }

    private Moment now() {
        return new Moment(positions++, nanoTime.getAsLong());
    }
}
