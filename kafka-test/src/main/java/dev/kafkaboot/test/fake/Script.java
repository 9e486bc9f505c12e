package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a test said that brokers are to do out of the ordinary: rules, of which the first that fits a request takes it. */
final class Script {

    private final List<Intervention<?, ?>> interventions = new ArrayList<>();

    void add(Intervention<?, ?> intervention) {
        interventions.add(intervention);
    }

    void remove(Intervention<?, ?> intervention) {
        interventions.remove(intervention);
    }

    /** Forgets every rule. */
    void clear() {
        interventions.clear();
    }

    /** What is to be done with a request instead of, or around, the usual; null for nothing. */
    <Q extends RequestMessage<R>, R extends ResponseMessage> @Nullable Intervention<Q, R> take(Exchange<Q, R> exchange) {
        for (Intervention<?, ?> candidate : List.copyOf(interventions)) {
            if (candidate.takes(exchange)) {
                @SuppressWarnings("unchecked") // it takes requests of its own type alone
                Intervention<Q, R> taken = (Intervention<Q, R>) candidate;
                return taken;
            }
        }
        return null;
    }
}
