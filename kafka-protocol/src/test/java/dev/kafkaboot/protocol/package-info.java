/**
 * Tests of what is read and written: every message in every version with Apache's classes on the other side, and input that nobody should send.
 */
@NullMarked
package dev.kafkaboot.protocol;

import org.jspecify.annotations.NullMarked;
