package dev.kafkaboot.client.releases;

/** Tests that need the broker of their class. */
interface OnOldBroker {

    /** The broker that the class has started. */
    OldBroker broker();
}
