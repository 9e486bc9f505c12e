package dev.kafkaboot.test.fake;

/** Whether a cluster has share groups (KIP-932). From 4.2 on they are there; the brokers of 4.1 speak of them, and refuse them unless they were switched on. */
final class ShareFeature {

    private ShareFeature() {}

    static boolean isOn(FakeSettings settings) {
        return Releases.isAtLeast(settings.release(), 4, 2);
    }
}
