package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.spring.listener.ListenerStartException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which listener has no group, and where a group may be given. */
final class ListenerStartFailureAnalyzer extends AbstractFailureAnalyzer<ListenerStartException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ListenerStartException cause) {
        if (cause.getCause() instanceof ConfigException) {
            return null; // ConfigFailureAnalyzer tells more
        }
        return new FailureAnalysis(cause.getMessage(),
                "Give the annotation an id, which is the group as well, or a groupId; or set kafka.consumer.group-id, for all listeners that have neither "
                        + "(kafka.share-consumer.group-id for those of share groups).", cause);
    }
}
