"""SNS on the emulator."""

from portfolio.local.clients import EmulatorClients
from portfolio.local.emulator import ACCOUNT_ID
from portfolio.local.resources.base import (
    Changer,
    Created,
    Inputs,
    Maker,
    Remover,
    again,
    keep,
    key_values,
)


def make_topic(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a topic without subscriptions."""
    arn = clients.sns.create_topic(
        Attributes=inputs.take_pascal("displayName"),
        Tags=key_values(inputs.take("tags", {})),
        **inputs.take_pascal("name"),
    )["TopicArn"]
    return Created(arn, {"arn": arn, "owner": ACCOUNT_ID})


def make_topic_policy(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Set the policy of a topic: the list of its publishers."""
    arn, policy = inputs.take("arn"), inputs.take("policy")
    clients.sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    return Created(arn, {"owner": ACCOUNT_ID})


def make_subscription(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Subscribe an address to a topic; the emulator does not send mail."""
    arn = clients.sns.subscribe(
        TopicArn=inputs.take("topic"),
        ReturnSubscriptionArn=True,
        **inputs.take_pascal("protocol", "endpoint"),
    )["SubscriptionArn"]
    return Created(arn, {"arn": arn, "ownerId": ACCOUNT_ID})


MAKERS: dict[str, Maker] = {
    "aws:sns/topic:Topic": make_topic,
    "aws:sns/topicPolicy:TopicPolicy": make_topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": make_subscription,
}

CHANGERS: dict[str, Changer] = {
    "aws:sns/topic:Topic": again(make_topic),
    "aws:sns/topicPolicy:TopicPolicy": again(make_topic_policy),
}
REMOVERS: dict[str, Remover] = {
    "aws:sns/topic:Topic": lambda clients, known: clients.sns.delete_topic(TopicArn=known.id),
    "aws:sns/topicPolicy:TopicPolicy": keep,
    "aws:sns/topicSubscription:TopicSubscription": lambda clients, known: clients.sns.unsubscribe(
        SubscriptionArn=known.id
    ),
}
