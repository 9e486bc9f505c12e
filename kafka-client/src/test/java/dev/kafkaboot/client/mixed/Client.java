package dev.kafkaboot.client.mixed;

/** Whose client a member runs. */
enum Client {
    OURS,
    APACHES;

    Client other() {
        return this == OURS ? APACHES : OURS;
    }
}
