package dev.kafkaboot.client.net;

/** Something that was added and can be taken away again. */
@FunctionalInterface
public interface Registration {

    /** Takes it away. A second call does nothing. Safe from any thread unless the method that returned this says otherwise. */
    void remove();
}
