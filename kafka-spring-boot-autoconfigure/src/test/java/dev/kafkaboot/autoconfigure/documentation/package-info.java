/**
 * The Java that README.md and the guide in docs/ show is compiled and run, as it stands there. {@link dev.kafkaboot.autoconfigure.documentation.Snippet}
 * reads it, {@link dev.kafkaboot.autoconfigure.documentation.SnippetCompiler} puts what a reader has to add around it.
 */
@NullMarked
package dev.kafkaboot.autoconfigure.documentation;

import org.jspecify.annotations.NullMarked;
