package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a token is asked for. */
interface GrantRequest {

    /** What is asked, made anew for each token. May block. */
    Content content(Moment moment);

    /**
     * What is sent to the token endpoint.
     *
     * @param form the fields of the body, in order
     * @param authorization the header of that name, or null for none
     * @param principal whom the token will be for if it does not say so itself, or null if that is not known
     */
    record Content(Map<String, String> form, @Nullable Secret authorization, @Nullable String principal) {

        @Override
        public String toString() {
            return "token request with " + form.keySet();
        }
    }
}
