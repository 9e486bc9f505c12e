package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is known of one partition's log, from acknowledgements and from what was read. */
final class KnownLog {

    /** What is known of one offset. */
    static final class Place {
        private final Set<Write> acknowledged = new LinkedHashSet<>();
        private final Set<Write> read = new LinkedHashSet<>();
        private final List<Sighting> damaged = new ArrayList<>();

        /** The values that were acknowledged or read here. */
        Set<Write> values() {
            Set<Write> all = new LinkedHashSet<>(acknowledged);
            all.addAll(read);
            return all;
        }

        boolean isConsistent() {
            return values().size() <= 1;
        }

        /** Records that were read here and carry what nobody sent. */
        List<Sighting> damaged() {
            return damaged;
        }
    }

    private final PartitionId partition;
    private final NavigableMap<Long, Place> places = new TreeMap<>();
    private @Nullable NavigableSet<Long> visible;

    KnownLog(PartitionId partition) {
        this.partition = partition;
    }

    PartitionId partition() {
        return partition;
    }

    void acknowledged(long offset, Write write) {
        place(offset).acknowledged.add(write);
    }

    void read(long offset, Write write) {
        place(offset).read.add(write);
    }

    void damaged(Sighting sighting) {
        place(sighting.offset()).damaged.add(sighting);
    }

    private Place place(long offset) {
        return places.computeIfAbsent(offset, absent -> new Place());
    }

    /** All offsets of which anything is known, in order. */
    NavigableMap<Long, Place> places() {
        return Collections.unmodifiableNavigableMap(places);
    }

    boolean isConsistentAt(long offset) {
        Place place = places.get(offset);
        return place == null || place.isConsistent();
    }

    /**
     * The offsets at which somebody has read a value that is there for all. Those that were acknowledged only are not among them, for a value that nobody
     * ever reads is lost, and not skipped; nor are those of control records and aborted values, of which a log has holes.
     */
    NavigableSet<Long> visible() {
        NavigableSet<Long> result = visible;
        if (result == null) {
            result = new TreeSet<>();
            for (var entry : places.entrySet()) {
                if (entry.getValue().read.stream().anyMatch(write -> write.outcome() != Outcome.FAIL)) {
                    result.add(entry.getKey());
                }
            }
            visible = result;
        }
        return result;
    }

    /** The visible offsets of a range. */
    NavigableSet<Long> visible(long from, long to) {
        return from >= to ? Collections.emptyNavigableSet() : visible().subSet(from, true, to, false);
    }
}
