package dev.kafkaboot.client.mixed;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;

/** How a group shares out its partitions: an assignor that members of the classic protocol run, or one of the coordinator (KIP-848). */
enum Sharing {
    RANGE("range", RangeAssignor.class.getName()),
    ROUND_ROBIN("roundrobin", RoundRobinAssignor.class.getName()),
    STICKY("sticky", StickyAssignor.class.getName()),
    COOPERATIVE_STICKY("cooperative-sticky", CooperativeStickyAssignor.class.getName()),
    COORDINATORS_UNIFORM("uniform"),
    COORDINATORS_RANGE("range");

    private final String ours;
    private final String apaches;
    private final boolean isOfTheCoordinator;

    Sharing(String ours, String apaches) {
        this.ours = ours;
        this.apaches = apaches;
        this.isOfTheCoordinator = false;
    }

    Sharing(String coordinators) {
        this.ours = coordinators;
        this.apaches = coordinators;
        this.isOfTheCoordinator = true;
    }

    /** What a member's configuration says of it. */
    Map<String, Object> config(Client client) {
        String assignor = switch (client) {
            case OURS -> ours;
            case APACHES -> apaches;
        };
        return isOfTheCoordinator
                ? Map.of("group.protocol", "consumer", "group.remote.assignor", assignor)
                : Map.of("group.protocol", "classic", "partition.assignment.strategy", assignor, "heartbeat.interval.ms", 100);
    }

    /** Whether the coordinator does it. */
    boolean isOfTheCoordinator() {
        return isOfTheCoordinator;
    }

    /** How many partitions each of two members gets of two topics with three each, in the order of size. */
    List<Integer> sharesOfTwo() {
        return switch (this) {
            case RANGE, COORDINATORS_RANGE -> List.of(2, 4);
            case ROUND_ROBIN, STICKY, COOPERATIVE_STICKY, COORDINATORS_UNIFORM -> List.of(3, 3);
        };
    }
}
