/** How long groups take to come together, and what a member that joins costs the others' partitions. */
@NullMarked
package dev.kafkaboot.benchmarks.group;

import org.jspecify.annotations.NullMarked;
