/** Tests of {@code dev.kafkaboot.client.admin}. */
@NullMarked
package dev.kafkaboot.client.admin;

import org.jspecify.annotations.NullMarked;
