package dev.kafkaboot.client.mixed;

import java.util.List;
import java.util.Set;

/** A member of a group, whoever wrote it. For one thread. */
interface Member extends AutoCloseable {

    /** Who wrote it. */
    Client client();

    /** What a short poll hands out. */
    List<String> poll();

    /** What the group has given to it, as {@code topic-partition}. */
    Set<String> partitions();

    /** Ends in good order: with what it was handed out committed. A dynamic member leaves the group with that. */
    @Override
    void close();
}
