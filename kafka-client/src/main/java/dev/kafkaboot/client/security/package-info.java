/**
 * What an application says of its credentials and certificates beyond what a text can say: sources of them that it writes itself, and mechanisms of its own.
 * Nothing here does any I/O; {@code dev.kafkaboot.client.net} uses it.
 */
@NullMarked
package dev.kafkaboot.client.security;

import org.jspecify.annotations.NullMarked;
