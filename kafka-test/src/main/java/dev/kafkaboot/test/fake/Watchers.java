package dev.kafkaboot.test.fake;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Those that want to know when something changes, in the order in which they came. They may come and go while they are told. */
final class Watchers {

    private final Set<Runnable> watching = new LinkedHashSet<>();

    void add(Runnable watcher) {
        watching.add(watcher);
    }

    void remove(Runnable watcher) {
        watching.remove(watcher);
    }

    /** Tells all that are here now, but for those that leave before it is their turn. */
    void tell() {
        for (Runnable watcher : List.copyOf(watching)) {
            if (watching.contains(watcher)) {
                watcher.run();
            }
        }
    }
}
