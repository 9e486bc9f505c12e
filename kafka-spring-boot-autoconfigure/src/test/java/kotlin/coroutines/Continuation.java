package kotlin.coroutines;

/** Stands for Kotlin's own, which is not on the class path: the last parameter of each {@code suspend} function. */
public interface Continuation<T> {

    /** Goes on with a result. */
    void resumeWith(Object result);
}
