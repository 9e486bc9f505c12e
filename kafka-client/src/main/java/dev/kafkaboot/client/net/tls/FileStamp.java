package dev.kafkaboot.client.net.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what it is seen that a file has changed. Links are followed, because that is how Kubernetes changes a mounted secret: a file that another took the place of
 * is another by its identity, even if it is as long and as old.
 *
 * @param identity what the file system knows it by, if it tells
 */
record FileStamp(FileTime modified, long size, @Nullable String identity) {

    /** That of a file that is not there, or not to be looked at. */
    static final FileStamp NONE = new FileStamp(FileTime.fromMillis(0), -1, null);

    static FileStamp of(@Nullable String location) {
        if (location == null) {
            return NONE;
        }
        try {
            BasicFileAttributes found = Files.readAttributes(Path.of(location), BasicFileAttributes.class);
            return new FileStamp(found.lastModifiedTime(), found.size(), found.fileKey() == null ? null : found.fileKey().toString());
        } catch (IOException | InvalidPathException gone) { // what is no path at all is told when it is read
            return NONE;
        }
    }
}
