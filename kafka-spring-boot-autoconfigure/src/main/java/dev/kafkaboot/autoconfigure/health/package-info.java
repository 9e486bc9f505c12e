/**
 * The {@code kafka} health contributor.
 *
 * <p>It looks at what the clients know already: it opens no connection of its own, needs no rights and never blocks.
 */
@NullMarked
package dev.kafkaboot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
