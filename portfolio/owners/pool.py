"""The users of a stage's pool, and the owners among them."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from infra.components.names import OWNER_GROUP, ROLE_ATTRIBUTE
from infra.errors import OwnerError
from portfolio.errors.aws_errors import explain_aws_errors

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

_OWNER_ROLE: Final = {ROLE_ATTRIBUTE: "owner"}

_READY: Final = "CONFIRMED"
"""The status of users with a permanent password."""

_REFUSALS: Final = {
    "InvalidPasswordException": "The password is refused: {message}",
    "InvalidParameterException": "Cognito refuses a value: {message}",
}


@dataclass(frozen=True)
class User:
    """A user of the pool."""

    email: str
    status: str
    """Cognito's name for the status."""

    created: datetime
    changed: datetime
    is_owner: bool
    """True for members of the group `owner`, who may write."""

    has_role: bool
    """True if `custom:role` is `owner`: the frontend shows its editor."""

    is_enabled: bool
    is_verified: bool
    """True if the user or an administrator has confirmed the address."""

    @property
    def is_ready(self) -> bool:
        """True if the user has a permanent password."""
        return self.status == _READY

    @property
    def can_write(self) -> bool:
        """True if the user is an owner and can sign in."""
        return self.is_owner and self.is_ready and self.is_enabled


class UserPool:
    """A stage's pool."""

    def __init__(self, client: "CognitoIdentityProviderClient", pool: str, stack: str) -> None:
        """Use the pool with this id, of the stage of this stack."""
        self.stack = stack
        self._client = client
        self._pool = pool

    def users(self) -> list[User]:
        """Return all users, by e-mail address.

        Raises:
            StackError: if AWS refuses the list or cannot be reached.
        """
        with self._explained():
            owners = self._find_owners()
            users = [_user(each, owners) for each in self._pages("list_users")]
        return sorted(users, key=lambda user: user.email)

    def find(self, email: str) -> User | None:
        """Return the user with this address, in upper or lower case, or None.

        A pool may be case-sensitive, so the address as it is spelled comes first.

        Raises:
            OwnerError: if several users have the address in another case.
        """
        found = [user for user in self.users() if user.email.casefold() == email.casefold()]
        exact = [user for user in found if user.email == email] or found
        if len(exact) > 1:
            spelled = ", ".join(user.email for user in exact)
            raise OwnerError(f"{self.stack} has several users {email}: choose one of {spelled}.")
        return exact[0] if exact else None

    def create(self, email: str, password: str, name: str | None = None) -> None:
        """Create an owner, or finish an interrupted creation.

        Args:
            email: the address to sign in with.
            password: the permanent password.
            name: the name on the site. Without it, a new user in a pool with required names gets
                the address up to the @, as the API would show them.

        Raises:
            OwnerError: if the pool refuses the address or password; no user is created then.
        """
        attributes = {"email_verified": "true"} | _OWNER_ROLE | ({"name": name} if name else {})
        with self._explained():
            try:
                self._client.admin_create_user(
                    UserPoolId=self._pool,
                    Username=email,
                    # With it, the pool checks its password policy before it creates the user.
                    TemporaryPassword=password,
                    MessageAction="SUPPRESS",
                    UserAttributes=_pairs(self._find_required(email) | attributes),
                )
            except self._client.exceptions.UsernameExistsException:
                self._set_attributes(email, attributes)
            self._add_to_owners(email)
        # The password comes last: a permanent one marks a complete owner.
        self.set_password(email, password)

    def make_owner(self, email: str) -> None:
        """Give a user the role, and add them to the group of owners.

        Raises:
            OwnerError: if the pool has no attribute for the role.
        """
        with self._explained():
            self._set_attributes(email, _OWNER_ROLE)
            self._add_to_owners(email)

    def set_password(self, email: str, password: str) -> None:
        """Set a user's permanent password.

        Raises:
            OwnerError: if the user does not exist, or the pool refuses the password.
        """
        with self._explained():
            self._client.admin_set_user_password(
                UserPoolId=self._pool, Username=email, Password=password, Permanent=True
            )

    def sign_out(self, email: str) -> None:
        """End a user's sessions; an ID token stays valid for its hour."""
        with self._explained():
            self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=email)

    def remove(self, email: str) -> None:
        """Delete a user; their role and their membership end with them."""
        with self._explained():
            self._client.admin_delete_user(UserPoolId=self._pool, Username=email)

    def _find_required(self, email: str) -> dict[str, str]:
        """Return the attributes of a new user; an adopted pool may require a name."""
        pool: Any = self._client.describe_user_pool(UserPoolId=self._pool)["UserPool"]
        required = {each["Name"] for each in pool["SchemaAttributes"] if each["Required"]}
        name = {"name": email.partition("@")[0]} if "name" in required else {}
        return {"email": email} | name

    def _set_attributes(self, email: str, attributes: dict[str, str]) -> None:
        self._client.admin_update_user_attributes(
            UserPoolId=self._pool, Username=email, UserAttributes=_pairs(attributes)
        )

    def _add_to_owners(self, email: str) -> None:
        self._client.admin_add_user_to_group(
            UserPoolId=self._pool, Username=email, GroupName=OWNER_GROUP
        )

    @contextmanager
    def _explained(self) -> Generator[None]:
        with explain_aws_errors(self.stack):
            try:
                yield
            except ClientError as error:
                answer = error.response.get("Error", {})
                refusal = _REFUSALS.get(answer.get("Code", ""))
                if refusal is None:
                    raise
                raise OwnerError(refusal.format(message=answer.get("Message", ""))) from None

    def _find_owners(self) -> set[str]:
        """Return the names in the group of owners; a pool to adopt may lack the group."""
        try:
            found = self._pages("list_users_in_group", GroupName=OWNER_GROUP)
        except self._client.exceptions.ResourceNotFoundException:
            return set()
        return {each["Username"] for each in found}

    def _pages(self, operation: Any, **arguments: str) -> list[dict[str, Any]]:  # noqa: ANN401 - a name
        client: Any = self._client
        users: list[dict[str, Any]] = []
        for page in client.get_paginator(operation).paginate(UserPoolId=self._pool, **arguments):
            users += page["Users"]
        return users


def _pairs(attributes: dict[str, str]) -> "list[AttributeTypeTypeDef]":
    return [{"Name": key, "Value": value} for key, value in attributes.items()]


def _user(found: dict[str, Any], owners: set[str]) -> User:
    attributes = {each["Name"]: each["Value"] for each in found["Attributes"]}
    return User(
        email=attributes.get("email", found["Username"]),
        status=found["UserStatus"],
        created=found["UserCreateDate"],
        changed=found["UserLastModifiedDate"],
        is_owner=found["Username"] in owners,
        has_role=_OWNER_ROLE.items() <= attributes.items(),
        is_enabled=found["Enabled"],
        is_verified=attributes.get("email_verified") == "true",
    )
