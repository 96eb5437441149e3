"""Python's values as DynamoDB's typed attributes, and back."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


@cache
def _serializer() -> "TypeSerializer":
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415 - boto3 is slow to import

    return TypeSerializer()


@cache
def _deserializer() -> "TypeDeserializer":
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - boto3 is slow to import

    return TypeDeserializer()


def encode(values: Mapping[str, Any]) -> "dict[str, AttributeValueTypeDef]":
    """Give each value its DynamoDB type."""
    serialize = _serializer().serialize
    return {name: serialize(value) for name, value in values.items()}


def decode(attributes: "Mapping[str, AttributeValueTypeDef]") -> dict[str, Any]:
    """Return the plain values; numbers are `Decimal`."""
    deserialize = _deserializer().deserialize
    return {name: deserialize(attribute) for name, attribute in attributes.items()}


def encode_key(key: tuple[str, str]) -> "dict[str, AttributeValueTypeDef]":
    """Return the key attributes of an item, given its `PK` and `SK`."""
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}}
