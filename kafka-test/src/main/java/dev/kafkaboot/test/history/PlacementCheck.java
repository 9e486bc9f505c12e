package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Is every value in one place, in its own partition, and whole?
 *
 * <p>Offsets that show two values are left out of the search for duplicates: the disorder is told once.
 */
final class PlacementCheck implements Check {

    /** A place of a log. */
    private record Spot(PartitionId partition, long offset) implements Comparable<Spot> {

        @Override
        public int compareTo(Spot other) {
            int byPartition = partition.compareTo(other.partition);
            return byPartition == 0 ? Long.compare(offset, other.offset) : byPartition;
        }

        @Override
        public String toString() {
            return partition + "@" + offset;
        }
    }

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        damaged(facts, findings);
        facts.writes().forEach(write -> misrouted(write, findings));
        facts.logs().forEach(log -> inconsistent(log, findings));
        facts.writes().forEach(write -> duplicate(write, facts, findings));
    }

    private static void damaged(Facts facts, Findings findings) {
        SortedMap<PartitionId, SortedMap<Long, List<Sighting>>> byPlace = new TreeMap<>();
        for (Sighting sighting : facts.damaged()) {
            byPlace.computeIfAbsent(sighting.partition(), absent -> new TreeMap<>())
                    .computeIfAbsent(sighting.offset(), absent -> new ArrayList<>()).add(sighting);
        }
        byPlace.forEach((partition, offsets) -> offsets.forEach((offset, sightings) -> {
            HistoryValue value = sightings.get(0).record().value();
            String what = value == null ? "a payload that is damaged" : "value " + value + " of " + value.sender() + ", which nobody sent";
            findings.add(AnomalyType.CORRUPT_VALUE, partition, offset, partition + "@" + offset + " holds " + what, polls(sightings));
        }));
    }

    private static void misrouted(Write write, Findings findings) {
        List<Sighting> sightings = write.misroutedSightings();
        if (!sightings.isEmpty()) {
            Sighting first = sightings.get(0);
            String explanation = write + " was sent to " + write.partition() + " and read from " + first.partition() + "@" + first.offset();
            findings.add(AnomalyType.MISROUTED, first.partition(), first.offset(), explanation, with(write, sightings));
        }
    }

    private static void inconsistent(KnownLog log, Findings findings) {
        log.places().forEach((offset, place) -> {
            if (!place.isConsistent()) {
                List<Operation> operations = new ArrayList<>();
                for (Write write : place.values()) {
                    operations.add(write.operation());
                    operations.addAll(polls(write.sightings().stream().filter(sighting -> sighting.offset() == offset).limit(2).toList()));
                }
                findings.add(AnomalyType.INCONSISTENT_OFFSETS, log.partition(), offset,
                        log.partition() + "@" + offset + " is the place of several values: " + place.values(), operations);
            }
        });
    }

    private static void duplicate(Write write, Facts facts, Findings findings) {
        SortedMap<Spot, List<Sighting>> spots = new TreeMap<>();
        for (Sighting sighting : write.sightings()) {
            spots.computeIfAbsent(new Spot(sighting.partition(), sighting.offset()), absent -> new ArrayList<>()).add(sighting);
        }
        if (write.hasOffset()) {
            spots.computeIfAbsent(new Spot(write.partition(), write.offset()), absent -> new ArrayList<>());
        }
        spots.keySet().removeIf(spot -> !facts.log(spot.partition()).isConsistentAt(spot.offset()));
        if (spots.size() > 1 && write.outcome() != Outcome.FAIL) {
            List<Sighting> examples = spots.values().stream().flatMap(sightings -> sightings.stream().limit(2)).toList();
            Spot last = spots.lastKey();
            findings.add(AnomalyType.DUPLICATE, last.partition(), last.offset(), write + " is at " + spots.keySet(), with(write, examples));
        }
    }

    private static List<Operation> polls(List<Sighting> sightings) {
        return sightings.stream().map(Sighting::poll).distinct().limit(4).toList();
    }

    private static List<Operation> with(Write write, List<Sighting> sightings) {
        return Stream.concat(Stream.of(write.operation()), polls(sightings).stream()).toList();
    }
}
