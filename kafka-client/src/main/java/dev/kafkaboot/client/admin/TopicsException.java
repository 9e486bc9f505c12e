package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.protocol.ErrorCode;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An operation on several topics failed for some of them. What succeeded is not taken back. */
public class TopicsException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, KafkaException> failures;
    private final transient Set<String> succeeded;

    TopicsException(Map<String, KafkaException> failures, Collection<String> succeeded) {
        super(describe(failures, succeeded), failures.values().iterator().next());
        this.failures = new TreeMap<>(failures);
        this.succeeded = new TreeSet<>(succeeded);
    }

    private static String describe(Map<String, KafkaException> failures, Collection<String> succeeded) {
        String reasons = failures.values().stream().map(KafkaException::getMessage).distinct().collect(Collectors.joining("; "));
        return succeeded.isEmpty() ? reasons : reasons + " (done for " + String.join(", ", new TreeSet<>(succeeded)) + ")";
    }

    /** Why, by the names of the topics that it failed for, in their order. */
    public Map<String, KafkaException> failures() {
        return Collections.unmodifiableMap(failures);
    }

    /** The topics that it was done for, in the order of their names. */
    public Set<String> succeeded() {
        return Collections.unmodifiableSet(succeeded);
    }

    /** The error of all topics that it failed for, or null if they have not one in common. */
    @Override
    public @Nullable ErrorCode errorCode() {
        List<@Nullable ErrorCode> codes = failures.values().stream().<@Nullable ErrorCode>map(KafkaException::errorCode).distinct().toList();
        return codes.size() == 1 ? codes.get(0) : null;
    }

    @Override
    public boolean isRetriable() {
        return failures.values().stream().allMatch(KafkaException::isRetriable);
    }
}
