package io.aswarm.ebpf;

/**
 * Takes conversation events from {@link KernelSensor#poll(ConversationHandler, int)} on the polling thread.
 */
@FunctionalInterface
public interface ConversationHandler
{
    /**
     * Something happened to a conversation.
     *
     * @param conversation a view of the record in the mapped ring, valid during this call only.
     */
    void onConversation(ConversationFlyweight conversation);
}
