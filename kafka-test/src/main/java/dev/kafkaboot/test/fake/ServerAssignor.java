package dev.kafkaboot.test.fake;

import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** Shares out partitions among the members of a group, in the coordinator's place (KIP-848). */
interface ServerAssignor {

    /** The assignors that there are; the first is taken if members do not care. */
    List<ServerAssignor> ALL = List.of(new UniformAssignor(), new RangeServerAssignor());

    /** The name by which members ask for it. */
    String name();

    /**
     * Shares out partitions.
     *
     * @param topics what each member reads, by the members' ids
     * @param present what each member was to have so far, by the members' ids
     * @return what each member is to have, by the members' ids
     */
    Map<String, NavigableSet<GroupPartition>> assign(Map<String, List<FakeTopic>> topics, Map<String, NavigableSet<GroupPartition>> present);

    /** The assignor of a name, or null. */
    static @Nullable ServerAssignor find(@Nullable String name) {
        return ALL.stream().filter(assignor -> assignor.name().equals(name)).findFirst().orElse(null);
    }
}
