package dev.kafkaboot.spring.listener;

/**
 * A {@link MessageListener} that reads keys and values itself: it gets the bytes, whatever serializers the container's consumer factory has. Listener methods
 * are run by one, because what their payload is read as depends on their parameters.
 */
public interface BytesMessageListener extends MessageListener<byte[], byte[]> {}
