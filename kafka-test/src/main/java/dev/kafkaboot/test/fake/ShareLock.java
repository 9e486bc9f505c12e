package dev.kafkaboot.test.fake;

/** The time that a member has for records that it was given at once. Records point to it; whichever still do when it is over go back. */
final class ShareLock {}
