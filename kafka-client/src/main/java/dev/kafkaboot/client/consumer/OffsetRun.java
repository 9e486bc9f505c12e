package dev.kafkaboot.client.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Offsets without a hole between them, as acknowledgements are told.
 *
 * @param first the first offset
 * @param last the last offset
 * @param types what is said of each of them, or one type if it is the same of all
 */
record OffsetRun(long first, long last, List<Byte> types) {

    /** The fewest runs that tell everything, in the order of their offsets. */
    static List<OffsetRun> of(SortedMap<Long, Byte> types) {
        List<OffsetRun> runs = new ArrayList<>();
        List<Byte> current = new ArrayList<>();
        long first = 0;
        long last = 0;
        for (Map.Entry<Long, Byte> entry : types.entrySet()) {
            if (!current.isEmpty() && entry.getKey() != last + 1) {
                runs.add(run(first, last, current));
                current = new ArrayList<>();
            }
            if (current.isEmpty()) {
                first = entry.getKey();
            }
            last = entry.getKey();
            current.add(entry.getValue());
        }
        if (!current.isEmpty()) {
            runs.add(run(first, last, current));
        }
        return runs;
    }

    private static OffsetRun run(long first, long last, List<Byte> types) {
        boolean same = types.stream().allMatch(types.get(0)::equals);
        return new OffsetRun(first, last, same ? List.of(types.get(0)) : types);
    }
}
