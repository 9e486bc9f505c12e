package dev.kafkaboot.client;

import dev.kafkaboot.record.HeaderList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a record, in order; a name may occur more than once.
 *
 * <p>Mutable, and not safe for use by several threads at once. {@link #none()} is shared, empty and refuses changes: a record without headers
 * costs nothing.
 */
public final class Headers implements Iterable<Header>, HeaderList {

    private static final Headers NONE = new Headers();

    /** Shared and empty until the first is added. */
    private List<Header> headers;

    /** No headers yet. */
    public Headers() {
        this(Collections.emptyList());
    }

    private Headers(List<Header> headers) {
        this.headers = headers;
    }

    /** The shared empty headers; {@link #add(Header)} on it throws {@link UnsupportedOperationException}. */
    public static Headers none() {
        return NONE;
    }

    /** New headers holding the given ones. */
    public static Headers of(Header... headers) {
        Headers result = new Headers();
        for (Header header : headers) {
            result.add(header);
        }
        return result;
    }

    /** New headers holding a snapshot of what was decoded from a record; the shared empty ones if there are none. */
    public static Headers copyOf(HeaderList source) {
        int size = source.size();
        if (size == 0) {
            return NONE;
        }
        List<Header> copy = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            copy.add(new Header(source.key(i), source.value(i)));
        }
        return new Headers(copy);
    }

    /** New headers that can be changed, holding the same as these. */
    public Headers copy() {
        return headers.isEmpty() ? new Headers() : new Headers(new ArrayList<>(headers));
    }

    /** Appends a header. */
    public Headers add(Header header) {
        if (this == NONE) {
            throw new UnsupportedOperationException("These headers are shared; new Headers() makes some that can be added to");
        }
        if (headers.isEmpty()) {
            headers = new ArrayList<>(4);
        }
        headers.add(header);
        return this;
    }

    /** Appends a header. */
    public Headers add(String key, byte @Nullable [] value) {
        return add(new Header(key, value));
    }

    /** Appends a header whose value is a text in UTF-8. */
    public Headers add(String key, String value) {
        return add(Header.of(key, value));
    }

    /** Removes every header of that name. */
    public Headers remove(String key) {
        if (!headers.isEmpty()) {
            headers.removeIf(header -> header.key().equals(key));
        }
        return this;
    }

    /** The last header of that name, which is the one that counts, or null if there is none. */
    public @Nullable Header lastHeader(String key) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).key().equals(key)) {
                return headers.get(i);
            }
        }
        return null;
    }

    /** Every header of that name, in order. */
    public List<Header> headers(String key) {
        return headers.stream().filter(header -> header.key().equals(key)).toList();
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return headers.isEmpty();
    }

    @Override
    public int size() {
        return headers.size();
    }

    @Override
    public String key(int index) {
        return headers.get(index).key();
    }

    @Override
    public byte @Nullable [] value(int index) {
        return headers.get(index).value();
    }

    @Override
    public Iterator<Header> iterator() {
        return Collections.unmodifiableList(headers).iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return headers.hashCode();
    }

    @Override
    public String toString() {
        return headers.toString();
    }
}
