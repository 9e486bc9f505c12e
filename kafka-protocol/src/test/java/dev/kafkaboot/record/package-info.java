/** Tests of record batches, with Apache's classes on the other side. */
@NullMarked
package dev.kafkaboot.record;

import org.jspecify.annotations.NullMarked;
