package dev.kafkaboot.protocol;

/**
 * A request.
 *
 * @param <R> the response that answers it
 */
public interface RequestMessage<R extends ResponseMessage> extends Message {

    /** The API that it belongs to. */
    ApiKey apiKey();

    /** An empty response, to be read into. */
    R newResponse();
}
