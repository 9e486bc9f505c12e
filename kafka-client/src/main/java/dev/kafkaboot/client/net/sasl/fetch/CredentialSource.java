package dev.kafkaboot.client.net.sasl.fetch;

import java.util.function.UnaryOperator;

/** Fetches credentials. */
@FunctionalInterface
public interface CredentialSource<T> {

    /**
     * Fetches them; may block.
     *
     * @throws dev.kafkaboot.client.AuthenticationException if they were refused, so that asking again makes no sense
     * @throws Exception if they cannot be had now
     */
    T fetch(Moment moment) throws Exception;

    /** Where they are from, as messages call it. */
    default String from() {
        return "the source";
    }

    /** A source of the same, from the same place, which are changed after they were fetched. */
    default CredentialSource<T> changed(UnaryOperator<T> change) {
        CredentialSource<T> unchanged = this;
        return new CredentialSource<>() {
            @Override
            public T fetch(Moment moment) throws Exception {
                return change.apply(unchanged.fetch(moment));
            }

            @Override
            public String from() {
                return unchanged.from();
            }
        };
    }
}
