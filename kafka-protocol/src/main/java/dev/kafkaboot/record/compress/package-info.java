/**
 * The codecs of record batches. Each needs a library of its own, which is optional: none is touched before it is used, and a missing one is an error
 * that names the artifact. Start reading at {@link dev.kafkaboot.record.compress.Codec}.
 */
@NullMarked
package dev.kafkaboot.record.compress;

import org.jspecify.annotations.NullMarked;
