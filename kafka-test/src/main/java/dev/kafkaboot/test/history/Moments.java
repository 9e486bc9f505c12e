package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The beginnings and ends of a history's operations, in the order in which they came. */
final class Moments {

    /**
     * One of them.
     *
     * @param position where in the history
     * @param operation of which operation
     * @param isEnd whether it is its end; an operation that takes no time has an end only
     */
    record Event(long position, Operation operation, boolean isEnd) {}

    private static final Comparator<Event> ORDER =
            Comparator.comparingLong(Event::position).thenComparingInt(event -> event.operation().number()).thenComparing(Event::isEnd);

    private Moments() {}

    static List<Event> of(List<Operation> operations) {
        List<Event> events = new ArrayList<>();
        for (Operation operation : operations) {
            long begin = operation.invoked().position();
            if (operation.completedPosition() != begin) {
                events.add(new Event(begin, operation, false));
            }
            if (!operation.isOpen()) {
                events.add(new Event(operation.completedPosition(), operation, true));
            }
        }
        events.sort(ORDER);
        return events;
    }
}
