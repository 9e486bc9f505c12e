/** What the fuzz tests have in common; they stand beside what they attack, and are named {@code ...FuzzTest}. */
@NullMarked
package dev.kafkaboot.fuzz;

import org.jspecify.annotations.NullMarked;
